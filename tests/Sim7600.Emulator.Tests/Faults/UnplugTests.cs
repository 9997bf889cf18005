using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Sim7600.Emulator.Faults;
using Sim7600.Links;

namespace Sim7600.Emulator.Tests.Faults;

/// <summary>A pulled cable on real ports.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class UnplugTests : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _limit.Dispose();

    [Test]
    [Platform("Linux")]
    public async Task A_virtual_COM_port_vanishes_and_comes_back_under_its_name()
    {
        string name = Path.Combine(Path.GetTempPath(), $"sim7600-unplug-{Guid.NewGuid():N}");
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(
            new EmulatorOptions { PtyLink = name, BrokerPort = 0, TimeProvider = new FakeTimeProvider() }, _limit.Token);
        await using (ISerialLink first = await SerialLink.OpenAsync(name, cancellationToken: _limit.Token))
        {
            await AnswerAsync(first, "AT+CREG=1\r");
            emulator.Modem.Faults.Unplug();
            await first.Lost.WaitAsync(_limit.Token);
        }

        await emulator.Modem.SettleAsync();
        await emulator.CablesAtRest.WaitAsync(_limit.Token);
        Assert.That(File.Exists(name), Is.False);
        emulator.Modem.Faults.Clear();
        await emulator.Modem.SettleAsync();
        await emulator.CablesAtRest.WaitAsync(_limit.Token);
        await using ISerialLink second = await SerialLink.OpenAsync(name, cancellationToken: _limit.Token);
        Assert.That(await AnswerAsync(second, "AT+CREG?\r"), Does.Contain("+CREG: 1,1"), "the modem kept its power");
    }

    [Test]
    public async Task A_socket_closes_and_takes_nobody_until_the_cable_is_back()
    {
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(
            new EmulatorOptions { Pty = false, Tcp = new IPEndPoint(IPAddress.Loopback, 0), TimeProvider = new FakeTimeProvider() }, _limit.Token);
        await using (ISerialLink first = await SerialLink.OpenAsync(emulator.PortName, cancellationToken: _limit.Token))
        {
            await AnswerAsync(first, "AT+CREG=1\r");
            emulator.Modem.Faults.Inject(new LineUnplug());
            await first.Lost.WaitAsync(_limit.Token);
        }

        await using (ISerialLink refused = await SerialLink.OpenAsync(emulator.PortName, cancellationToken: _limit.Token))
        {
            await refused.Lost.WaitAsync(_limit.Token);
        }

        emulator.Modem.Faults.Clear();
        await emulator.Modem.SettleAsync();
        await using ISerialLink second = await SerialLink.OpenAsync(emulator.PortName, cancellationToken: _limit.Token);
        Assert.That(await AnswerAsync(second, "AT\r"), Does.EndWith("\r\nOK\r\n"));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_serial_device_falls_silent_and_is_served_again()
    {
        await using var board = PtyPort.Create();
        var moves = Channel.CreateUnbounded<bool>();
        board.ClientConnectionChanged += (_, isThere) => moves.Writer.TryWrite(isThere); // the last one when all is over
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(
            new EmulatorOptions { Pty = false, Device = board.SlavePath, BaudRate = 57600, TimeProvider = new FakeTimeProvider() }, _limit.Token);
        Assert.That(emulator.PortNames, Is.EqualTo(new[] { board.SlavePath }));
        await MoveAsync(moves, isThere: true);
        Assert.That(board.ReadClientSettings().BaudRate, Is.EqualTo(57600));
        await AnswerAsync(board, "AT+CREG=1\r");
        emulator.Modem.Faults.Unplug();
        await MoveAsync(moves, isThere: false);
        emulator.Modem.Faults.Clear();
        await MoveAsync(moves, isThere: true);
        Assert.That(await AnswerAsync(board, "AT+CREG?\r"), Does.Contain("+CREG: 1,1"));
    }

    [Test]
    public async Task A_scenario_lets_its_faults_happen_to_each_modem()
    {
        string file = Path.Combine(Path.GetTempPath(), $"sim7600-faults-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, """
            { "seed": 7, "faults": [ // both modems
                { "on": "AT+CSQ", "modem": "reply", "reply": "+CSQ: 1,99" },
            ] }
            """);
        var scenario = Scenario.Load(file);
        File.Delete(file);
        await using Sim7600Emulator emulator = await Sim7600Emulator.StartAsync(
            new EmulatorOptions { Pty = false, Tcp = new IPEndPoint(IPAddress.Loopback, 0), Modems = 2, Scenario = scenario, TimeProvider = new FakeTimeProvider() }, _limit.Token);
        await using ISerialLink first = await SerialLink.OpenAsync(emulator.PortName, cancellationToken: _limit.Token);
        await using ISerialLink second = await SerialLink.OpenAsync(emulator.PortName, cancellationToken: _limit.Token);
        Assert.That(await AnswerAsync(first, "AT+CSQ\r"), Does.Contain("+CSQ: 1,99"));
        Assert.That(await AnswerAsync(second, "AT+CSQ\r"), Does.Contain("+CSQ: 1,99"));
        Assert.That(await AnswerAsync(second, "AT+CSQ\r"), Does.Contain("+CSQ: 24,99"));
    }

    private async Task MoveAsync(Channel<bool> moves, bool isThere)
    {
        while (await moves.Reader.ReadAsync(_limit.Token) != isThere)
        {
        }
    }

    private async Task<string> AnswerAsync(ISerialLink link, string command)
    {
        await link.WriteAsync(Encoding.ASCII.GetBytes(command), _limit.Token);
        string printed = "";
        while (!printed.EndsWith("OK\r\n", StringComparison.Ordinal))
        {
            ReadResult read = await link.Input.ReadAsync(_limit.Token);
            printed += Encoding.ASCII.GetString(read.Buffer.ToArray());
            link.Input.AdvanceTo(read.Buffer.End);
            Assert.That(read.IsCompleted, Is.False, printed);
        }

        return printed;
    }
}
