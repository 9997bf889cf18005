namespace Sim7600.Emulator.Network;

/// <summary>What a server answered.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Head">Status line and header lines with the empty line, as bytes.</param>
/// <param name="Body">The body.</param>
internal sealed record HttpAnswer(int Status, byte[] Head, byte[] Body);
