"""热力活动: answers as they come in, counted as they come, told to desks now and then."""
