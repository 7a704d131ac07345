// Programs of 2019 chose their memory by importing this name. The runtime brings its own today, so that there
// is nothing here.
