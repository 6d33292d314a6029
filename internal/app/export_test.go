package app

// TellOfSignUps is what the job does.
var TellOfSignUps = tellOfSignUps
