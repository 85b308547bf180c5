"""What harvesters of data portals take: the catalogue of data sets, the data package, the files of a release."""
