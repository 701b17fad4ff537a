"""What Medicare pays: the physician fee schedule now, hospital and ASC as they come."""
