namespace Sim7600.Emulator.Modem;

/// <summary>Radio access technologies that the module has, with the numbers of <c>&lt;AcT&gt;</c> in <c>AT+COPS</c>.</summary>
internal enum RadioTechnology
{
    /// <summary>GSM with GPRS or EDGE.</summary>
    Gsm = 0,

    /// <summary>UTRAN.</summary>
    Wcdma = 2,

    /// <summary>E-UTRAN.</summary>
    Lte = 7,
}
