namespace Sim7600.Emulator.Modem;

/// <summary>AT+CCHSET (AT command manual V3.00, chapter 10).</summary>
internal sealed class CchSettings
{
    /// <summary>Whether the result of a send is reported.</summary>
    public bool ReportsSends { get; set; }

    /// <summary>Whether received bytes wait for AT+CCHRECV.</summary>
    public bool ReceivesByHand { get; set; }
}
