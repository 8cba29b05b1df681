# %%
import tensorflow as tf

state = tf.Variable(0)
one = tf.constant(1)
update = tf.assign(state, tf.add(state, one))
init_op = tf.global_variables_initializer()
with tf.Session() as session:
    session.run(init_op)
    print(session.run(state))
    for _ in range(3):
        session.run(update)
        print(session.run(state))
    session.run(state.assign_sub(10))
    print(state.eval())

# prints:
# 0
# 1
# 2
# 3
# -7
