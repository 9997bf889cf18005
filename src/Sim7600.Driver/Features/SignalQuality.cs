namespace Sim7600.Driver.Features;

/// <summary>Signal strength as <c>AT+CSQ</c> gives it.</summary>
/// <param name="Rssi">The raw number: 0 to 31, 99 when unknown, 100 to 199 for TD-SCDMA.</param>
/// <param name="BitErrorRate">0 to 7; null when unknown, as always on LTE (<c>field-notes.md</c> 26).</param>
public sealed record SignalQuality(int Rssi, int? BitErrorRate)
{
    /// <summary>Received power in dBm, -113 to -51 in steps of 2; null when unknown, as while searching.</summary>
    public int? Dbm => Rssi is >= 0 and <= 31 ? -113 + (2 * Rssi) : null;
}
