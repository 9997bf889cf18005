using Sim7600.Driver.Diagnostics;

namespace Sim7600.Driver.Tests.Diagnostics;

/// <summary>The tag by which commands are measured: never a parameter.</summary>
public sealed class DriverTelemetryTests
{
    [TestCase("AT", "AT")]
    [TestCase("ATI", "ATI")]
    [TestCase("ATE0", "ATE")]
    [TestCase("AT&F", "AT&F")]
    [TestCase("ATD+491701234567;", "ATD")]
    [TestCase("AT+CSQ", "AT+CSQ")]
    [TestCase("at+creg?", "AT+CREG")]
    [TestCase("AT+CMQTTCONNECT=0,\"tcp://b:1\",60,1,\"u\",\"pw\"", "AT+CMQTTCONNECT")]
    [TestCase("AT+CPIN=\"1234\"", "AT+CPIN")]
    [TestCase("AT+CPIN1234", "AT+CPIN")]
    [TestCase("AT+averylongtextwithoutanyendatall", "AT+AVERYLONGTEXTWITHOUT")]
    [TestCase("1234", "AT")]
    public void A_command_is_measured_by_its_name_only(string text, string name) =>
        Assert.That(DriverTelemetry.NameOf(text), Is.EqualTo(name));
}
