"""What caller and agent sounded like: taken down as it comes, kept until it is stored."""
