using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>The TLS options of <c>pub</c> and <c>sub</c>: what cannot be is one clear line, before any modem is opened.</summary>
[Parallelizable(ParallelScope.All)]
public class HostTlsOptionTests
{
    [OneTimeSetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [TestCase(2, "--cafile FILE", "mqtts://h")]
    [TestCase(2, "--insecure", "mqtts://h")]
    [TestCase(2, "--key FILE", "mqtts://h", "--cafile", "f", "--cert", "f")]
    [TestCase(2, "--cert FILE", "mqtts://h", "--cafile", "f", "--key", "f")]
    [TestCase(2, "--keypass", "mqtts://h", "--cafile", "f", "--keypass", "s3cr3t")]
    [TestCase(2, "--cert", "mqtt://h", "--cert", "f")]
    [TestCase(2, "--keypass", "mqtt://h", "--keypass", "s3cr3t")]
    [TestCase(2, "--insecure", "mqtt://h", "--insecure")]
    [TestCase(1, "/no/such/file", "mqtts://h", "--cafile", "/no/such/file")]
    [TestCase(1, "/no/such/file", "mqtts://h", "--insecure", "--cert", "/no/such/file", "--key", "/no/such/file")]
    [TestCase(1, "/tmp", "mqtts://h", "--cafile", "/tmp")]
    [TestCase(1, "/dev/null", "mqtts://h", "--cafile", "/dev/null")]
    public async Task What_cannot_be_is_one_clear_line(int exitCode, string mention, string broker, params string[] more)
    {
        foreach (string[] command in new[] { new[] { "pub", "-m", "m" }, ["sub"] })
        {
            await using ToolProcess process = ToolProcess.Sim7600([.. command, "--modem", "/dev/ttyNONE", "-t", "t", "--broker", broker, .. more]);
            Assert.That(await process.ExitAsync(), Is.EqualTo(exitCode), process.Errors);
            Assert.That(
                process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                Has.Length.EqualTo(1).And.All.StartsWith("sim7600: ").And.All.Contain(mention).And.All.Not.Contain("s3cr3t"));
        }
    }
}
