namespace Sim7600.Emulator.Modem;

/// <summary>A short message that left the modem.</summary>
/// <param name="To">The recipient.</param>
/// <param name="Text">The text.</param>
/// <param name="Reference">The number that <c>+CMGS</c> showed.</param>
internal sealed record SentMessage(string To, string Text, int Reference);
