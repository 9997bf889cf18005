namespace Sim7600.Links.Tests;

/// <summary>What carries a line.</summary>
public enum LineKind
{
    Memory,
    Pty,
    SystemPorts,
    Tcp,
    Unix,
}
