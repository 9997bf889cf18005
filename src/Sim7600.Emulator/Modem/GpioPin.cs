namespace Sim7600.Emulator.Modem;

/// <summary>A general purpose pin of the module (<c>AT+CGFUNC</c>, <c>AT+CGDRT</c>, <c>AT+CGSETV</c>, <c>AT+CGISR</c>).</summary>
internal sealed class GpioPin
{
    /// <summary>0 for a plain pin, 1 for its special function.</summary>
    public int Function { get; set; }

    /// <summary>True when the module drives the pin.</summary>
    public bool IsOutput { get; set; }

    /// <summary>The level, driven by the module or by what is connected to it.</summary>
    public bool Level { get; set; }

    /// <summary>AT+CGISR: 0 level or 1 edge, and 0 low or falling, 1 high or rising; null when off.</summary>
    public (int Detect, int Polarity)? Interrupt { get; set; }

    /// <summary>The URC of an interrupt, or null for the default.</summary>
    public string? InterruptText { get; set; }
}
