"""What the rooms below quizzes and labs may ask of activities, without knowing which kinds there are."""
