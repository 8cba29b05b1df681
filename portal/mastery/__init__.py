"""What answers show of each objective of a course, to a learner and of a class. It stores nothing and changes no grade."""
