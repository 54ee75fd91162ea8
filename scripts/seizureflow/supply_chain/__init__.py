"""What the project is installed from: the locked packages, their hashes and their licences."""
