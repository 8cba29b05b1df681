"""What learners do in a week across lessons, questions and labs, and reminders of their weekly goals."""
