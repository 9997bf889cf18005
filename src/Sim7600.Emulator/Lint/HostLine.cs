namespace Sim7600.Emulator.Lint;

/// <summary>A command line, or what was meant to be one, as the host sent it.</summary>
/// <param name="Bytes">The bytes without line ends.</param>
/// <param name="IsCommand">False when the modem found no command in it.</param>
/// <param name="First">The ordinal of its first byte that is no blank or control character, among all bytes from the host.</param>
/// <param name="Received">When that byte arrived.</param>
internal sealed record HostLine(byte[] Bytes, bool IsCommand, long First, TimeSpan Received)
{
    /// <summary>
    /// True for what a host sends to find out whether the modem is there and in step: <c>AT</c>, the basic commands, and questions.
    /// </summary>
    public bool IsProbe => IsCommand && LintWords.IsProbe(Bytes);
}
