using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.Links.Tests.Posix;

/// <summary>Opening a device of Linux, and what is said when it cannot be opened.</summary>
public sealed class PosixSerialLinkTests
{
    [SetUp]
    public void RequirePosix() => Tools.RequirePosix();

    [Test]
    public async Task A_port_that_is_not_there_is_told_as_such()
    {
        SerialLinkException error = await RefusedAsync("/dev/ttyUSB-none");
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Is.EqualTo("There is no port /dev/ttyUSB-none. Is the modem plugged in, or the emulator running? 'sim7600 ports' lists what is there."));
    }

    [Test]
    public async Task A_link_whose_emulator_has_gone_is_told_as_such()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["tty"], "/dev/pts/999999");
        SerialLinkException error = await RefusedAsync(folder["tty"]);
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Does.Contain("the emulator running"));
    }

    [Test]
    public async Task A_folder_is_told_as_such()
    {
        SerialLinkException error = await RefusedAsync("/tmp");
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotASerialPort));
        Assert.That(error.Message, Does.Contain("/tmp is a folder").And.Contain("/dev/ttyUSB2"));
    }

    [Test]
    public async Task A_file_and_a_device_that_is_no_tty_are_told_as_such([Values] bool device)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["file"], "precious");
        SerialLinkException error = await RefusedAsync(device ? "/dev/null" : folder["file"]);
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotASerialPort));
        Assert.That(error.Message, Does.Contain("is not a serial port").And.Contain("/dev/ttyUSB2"));
        Assert.That(await File.ReadAllTextAsync(folder["file"]), Is.EqualTo("precious"));
    }

    [Test]
    public async Task A_device_that_this_user_may_not_open_is_told_with_the_cure()
    {
        // Not a port, but refused for writing to everybody, root too: the one way to see this error in CI, which runs as root.
        SerialLinkException error = await RefusedAsync("/proc/sys/kernel/osrelease");
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotPermitted));
        Assert.That(error.Message, Does.Contain("You may not open /proc/sys/kernel/osrelease").And.Contain("usermod -aG dialout"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_second_open_is_refused_and_the_first_goes_on(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(LineKind.Pty, cancellationToken);
        await line.Modem.WriteAsync("before"u8.ToArray(), cancellationToken);

        SerialLinkException error = await RefusedAsync(line.Modem.Name);
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.Busy));
        Assert.That(error.Message, Is.EqualTo($"{line.Modem.Name} is in use. Close the other program or choose another port."));

        await line.Modem.WriteAsync(" and after"u8.ToArray(), cancellationToken);
        Assert.That(await line.Host.ReadAsync(16, cancellationToken), Is.EqualTo("before and after"u8.ToArray()));
        await line.Host.CloseAsync();
        await using ISerialLink next = await SerialLink.OpenAsync(line.Modem.Name, cancellationToken: cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_port_that_another_program_holds_is_refused_with_that_program_s_name(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var port = PtyPort.Create(folder["tty"]);
        await using PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken);
        Assert.That(await python.DoAsync("lock", cancellationToken), Is.EqualTo("locked"));

        SerialLinkException error = await RefusedAsync(port.Name);
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.Busy));
        Assert.That(error.Message, Does.Match($@"^{port.Name} is in use by python3\S* \(process {python.ProcessId}\)\. Close the other program or choose another port\.$"));

        await python.DoAsync("close", cancellationToken);
        await using ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_port_that_we_hold_is_locked_for_others(CancellationToken cancellationToken)
    {
        await using Line line = await Line.OpenAsync(LineKind.Pty, cancellationToken);
        await using PythonClient python = await PythonClient.StartAsync(line.Modem.Name, cancellationToken);
        await python.DoAsync("open", cancellationToken);
        Assert.That(await python.DoAsync("lock", cancellationToken), Is.EqualTo("EAGAIN"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_port_that_was_closed_is_free_even_while_a_child_that_is_starting_still_has_it(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
        string ours = Directory.EnumerateFiles("/proc/self/fd").Single(file => new FileInfo(file).LinkTarget == port.SlavePath);
        int copy = Duplicate(int.Parse(Path.GetFileName(ours), CultureInfo.InvariantCulture)); // as fork makes
        Assert.That(copy, Is.Positive);

        await host.CloseAsync();

        await using ISerialLink next = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
        using var closed = new SafeFileHandle(copy, ownsHandle: true);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task What_was_waiting_in_the_port_when_it_is_opened_is_thrown_away(CancellationToken cancellationToken)
    {
        await using var port = PtyPort.Create();
        await using PythonClient python = await PythonClient.OpenAsync(port.Name, cancellationToken); // keeps the port alive and reads nothing
        await port.WriteAsync("old"u8.ToArray(), cancellationToken);
        await python.DoAsync("wait", cancellationToken);

        await using ISerialLink host = await SerialLink.OpenAsync(port.Name, cancellationToken: cancellationToken);
        await port.WriteAsync("fresh"u8.ToArray(), cancellationToken);
        Assert.That(await host.ReadAsync(5, cancellationToken), Is.EqualTo("fresh"u8.ToArray()));
    }

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int descriptor);

    private static async Task<SerialLinkException> RefusedAsync(string path)
    {
        SerialLinkException error = (await Assert.ThrowsAsync<SerialLinkException>(() => SerialLink.OpenAsync(path)))!;
        Assert.That(error.Message, Does.Not.Contain("\n"));
        return error;
    }
}
