using Kappa.Cli;

return await KappaCli.RunAsync(args, Output.OfConsole());
