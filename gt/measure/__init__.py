"""What is to be seen, and whether it is so in the data: numpy, and scipy once it is asked to measure."""
