GREETING = "Hello from the repository"
