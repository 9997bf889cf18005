namespace Sim7600.Emulator.Modem;

/// <summary>A packet data context (<c>AT+CGDCONT</c>).</summary>
internal sealed record PdpContext(int Cid, string Type, string Apn, string Address, int DataCompression, int HeaderCompression, int Ipv4Control, int Emergency)
{
    /// <summary>Contexts of a unit from the factory, as real ones list them.</summary>
    public static IEnumerable<PdpContext> Factory { get; } =
    [
        new(1, "IP", "", "0.0.0.0", 0, 0, 0, 0),
        new(2, "IPV4V6", "ims", NoAddress("IPV4V6"), 0, 0, 0, 0),
        new(3, "IPV4V6", "SOS", NoAddress("IPV4V6"), 0, 0, 0, 1),
    ];

    /// <summary>The zero address in the form of the context's type.</summary>
    public static string NoAddress(string type) => type is "IPV6" or "IPV4V6" ? "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0" : "0.0.0.0";
}
