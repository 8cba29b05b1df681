"""Ask about this: what learners ask about a part of a lesson or an activity, and the replies."""
