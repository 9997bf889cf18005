namespace Sim7600.Driver.Features;

/// <summary>The serving cell as <c>AT+CPSI?</c> gives it. The layout of <see cref="Fields"/> differs by mode (<c>core.md</c> 6).</summary>
/// <param name="Mode"><c>LTE</c>, <c>WCDMA</c>, <c>GSM</c>, … or <c>NO SERVICE</c>.</param>
/// <param name="Operation"><c>Online</c>, <c>Offline</c>, <c>Low Power Mode</c>, …</param>
/// <param name="Fields">All fields of the line as text, mode and operation included.</param>
public sealed record SystemInformation(string Mode, string Operation, IReadOnlyList<string> Fields)
{
    /// <summary>False for <c>NO SERVICE</c>.</summary>
    public bool HasService => !Mode.StartsWith("NO SERVICE", StringComparison.Ordinal);

    /// <summary>Country and network code, for example <c>460-11</c>; null without service.</summary>
    public string? Network => HasService && Fields.Count > 2 ? Fields[2] : null;

    /// <summary>The LTE band, for example <c>EUTRAN-BAND1</c>; null on other networks.</summary>
    public string? Band => Mode == "LTE" && Fields.Count > 6 ? Fields[6] : null;

    /// <summary>LTE reference signal power in dBm. SIM7600 firmware gives tenths (<c>field-notes.md</c> 27); null on other networks.</summary>
    public double? ReferenceSignalPowerDbm =>
        Mode == "LTE" && Fields.Count > 11 && int.TryParse(Fields[11], System.Globalization.CultureInfo.InvariantCulture, out int tenths) && tenths < 0 ? tenths / 10.0 : null;
}
