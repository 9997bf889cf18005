namespace Sim7600.Emulator.Line;

/// <summary>One command of a command line: its name in capitals without <c>AT</c>, its form, and the bytes of its parameters.</summary>
internal sealed record AtInvocation(string Name, AtForm Form, byte[] Parameters);
