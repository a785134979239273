"""What is due and gets done, once each: escalations, reminders, closings, trainings about to expire."""
