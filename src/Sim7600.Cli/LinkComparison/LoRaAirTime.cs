namespace Sim7600.Cli.LinkComparison;

/// <summary>Time on air of LoRa frames: the formula of the SX1276's data sheet, section 4.1.1.7.</summary>
internal static class LoRaAirTime
{
    private const int Preamble = 8;
    private const int CodingRate = 1; // 4/5
    private const double Bandwidth = 125_000;

    /// <summary>Time of a frame with explicit header and CRC at 125 kHz and coding rate 4/5, as LoRaWAN uses in Europe.</summary>
    /// <param name="spreadingFactor">7 to 12.</param>
    /// <param name="bytes">Bytes of the frame without preamble and header: the PHY payload, LoRaWAN's 13 bytes included.</param>
    public static TimeSpan Of(int spreadingFactor, int bytes)
    {
        double symbol = Math.Pow(2, spreadingFactor) / Bandwidth;
        int lowRate = spreadingFactor >= 11 ? 1 : 0; // symbols longer than 16 ms
        double symbols = Math.Ceiling(((8.0 * bytes) - (4 * spreadingFactor) + 28 + 16) / (4 * (spreadingFactor - (2 * lowRate)))) * (CodingRate + 4);
        return TimeSpan.FromSeconds((Preamble + 4.25 + 8 + Math.Max(symbols, 0)) * symbol);
    }
}
