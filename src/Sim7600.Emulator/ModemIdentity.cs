namespace Sim7600.Emulator;

/// <summary>What the modem says of itself. The defaults are well-formed test numbers that belong to nobody.</summary>
public sealed record ModemIdentity
{
    /// <summary><c>AT+CGMI</c>.</summary>
    public string Manufacturer { get; init; } = "SIMCOM INCORPORATED";

    /// <summary><c>AT+CGMM</c>.</summary>
    public string Model { get; init; } = "SIMCOM_SIM7600E-H";

    /// <summary>The <c>Revision:</c> line of <c>ATI</c>, a marketing version on real units.</summary>
    public string Revision { get; init; } = "SIM7600M22_V1.1";

    /// <summary>The firmware build of <c>AT+CGMR</c> and <c>AT+SIMCOMATI</c>.</summary>
    public string Build { get; init; } = "LE20B04SIM7600M22";

    /// <summary>15 digits; the default is in the range reserved for tests and has a right check digit.</summary>
    public string Imei { get; init; } = "004401083750006";

    /// <summary>Up to 15 digits; the default is in the test network 001-01.</summary>
    public string Imsi { get; init; } = "001010123456789";

    /// <summary>19 or 20 digits.</summary>
    public string Iccid { get; init; } = "89882280666000000012";

    /// <summary>A second <c>Revision:</c> line of <c>ATI</c>, which some firmware has; null for none.</summary>
    public string? SecondRevision { get; init; }

    /// <summary>A line behind <c>Revision:</c> in <c>AT+SIMCOMATI</c>, which some firmware has; null for none.</summary>
    public string? SecondBuild { get; init; }

    /// <summary>The <c>SVN:</c> line of <c>ATI</c>, which some firmware has, for example <c>01</c>; null for none.</summary>
    public string? Svn { get; init; }

    /// <summary>The <c>DeviceInfo:</c> line of <c>AT+SIMCOMATI</c>, which newer boards have, for example <c>173,170</c>; null for none.</summary>
    public string? DeviceInfo { get; init; }

    /// <summary>What follows <c>+GCAP: </c>; the modem port of some units lists <c>+CGSM,+DS,+ES</c>.</summary>
    public string Gcap { get; init; } = "+CGSM";

    /// <summary>The lines of <c>AT+CSUB</c> without their prefix.</summary>
    public IReadOnlyList<string> SubVersion { get; init; } = ["B04V01", "MDM9x07"];
}
