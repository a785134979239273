"""Who people are: clients, solutions, users and their roles, trainings, and signing in."""
