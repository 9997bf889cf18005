using Sim7600.Cli;

return await Sim7600Tool.RunAsync(args);
