"""The planner's desk: any measure, any areas, any period, explored and compared."""
