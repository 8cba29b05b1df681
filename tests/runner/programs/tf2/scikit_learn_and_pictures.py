# %%
from sklearn.datasets import load_digits, load_iris, load_sample_image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

iris = load_iris()
x, x_test, y, y_test = train_test_split(iris.data, iris.target, test_size=0.33, random_state=42)
print(LogisticRegression(max_iter=500).fit(x, y).score(x_test, y_test) > 0.9)
print(load_digits().images.shape, load_sample_image("china.jpg").shape)

# prints:
# True
# (1797, 8, 8) (427, 640, 3)
