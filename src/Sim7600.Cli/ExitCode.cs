namespace Sim7600.Cli;

/// <summary>The tool's exit codes: a contract that scripts depend on.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;
}
