namespace Sim7600.Driver.Features;

/// <summary>Who the modem is.</summary>
/// <param name="Manufacturer">For example <c>SIMCOM INCORPORATED</c>.</param>
/// <param name="Model">For example <c>SIMCOM_SIM7600G-H</c>.</param>
/// <param name="Revision">The firmware build that <c>AT+CGMR</c> gives, for example <c>LE20B04SIM7600G22</c>.</param>
/// <param name="Imei">The 15 digits of the equipment identity.</param>
public sealed record ModemIdentity(string Manufacturer, string Model, string Revision, string Imei);
