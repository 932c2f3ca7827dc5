localStorage.debug = "sockeye:*";
