"""The workbook of the city's own registers: new operations, green spaces, cycle facilities, premises."""
