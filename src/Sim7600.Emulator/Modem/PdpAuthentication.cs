namespace Sim7600.Emulator.Modem;

/// <summary>How a context signs on (<c>AT+CGAUTH</c>): 0 none, 1 PAP, 2 CHAP, 3 either.</summary>
internal sealed record PdpAuthentication(int Type, string Password, string User)
{
    /// <summary>The compiler's text would show the password.</summary>
    public override string ToString() => $"{nameof(PdpAuthentication)} {{ Type = {Type} }}";
}
