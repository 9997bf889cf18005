using Sim7600.EndToEnd.Processes;

namespace Sim7600.Links.Tests.Posix;

/// <summary>The stable path of a port: there while the port is, and never in place of what belongs to somebody else.</summary>
public sealed class PtyLinkTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        Tools.RequirePosix();
        _folder = new TemporaryFolder();
    }

    [TearDown]
    public void RemoveFolder() => _folder?.Dispose();

    [Test]
    public async Task The_path_is_there_while_the_port_is_and_can_be_used_again()
    {
        for (int turn = 0; turn < 3; turn++)
        {
            PtyPort port = PtyPort.Create(_folder["tty"]);
            Assert.That(port.Name, Is.EqualTo(_folder["tty"]));
            Assert.That(port.LinkPath, Is.EqualTo(_folder["tty"]));
            Assert.That(port.SlavePath, Does.StartWith("/dev/pts/"));
            Assert.That(Entries(), Is.EqualTo(new[] { _folder["tty"] }));
            Assert.That(new FileInfo(_folder["tty"]).LinkTarget, Is.EqualTo(port.SlavePath));
            await port.CloseAsync();
            Assert.That(Entries(), Is.Empty);
        }
    }

    [Test]
    public async Task Without_a_path_the_port_goes_by_its_own()
    {
        await using var port = PtyPort.Create();
        Assert.That(port.LinkPath, Is.Null);
        Assert.That(port.Name, Is.EqualTo(port.SlavePath));
    }

    [Test]
    public async Task A_relative_path_is_named_in_full()
    {
        await using var port = PtyPort.Create(Path.GetRelativePath(Environment.CurrentDirectory, _folder["tty"]));
        Assert.That(port.Name, Is.EqualTo(_folder["tty"]));
    }

    [Test]
    public async Task A_path_longer_than_a_socket_s_name_will_do()
    {
        string deep = Directory.CreateDirectory(_folder[new string('d', 200)]).FullName;
        await using var port = PtyPort.Create(Path.Combine(deep, "tty"));
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => PtyPort.Create(Path.Combine(deep, "tty")))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.Busy));
        await using var other = PtyPort.Create(Path.Combine(deep, "tty2"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_link_that_a_crash_left_behind_is_replaced(CancellationToken cancellationToken)
    {
        File.CreateSymbolicLink(_folder["tty"], "/dev/pts/999999");
        await using var port = PtyPort.Create(_folder["tty"]);
        await using ISerialLink host = await SerialLink.OpenAsync(_folder["tty"], cancellationToken: cancellationToken);
        await host.WriteAsync("AT\r"u8.ToArray(), cancellationToken);
        Assert.That(await port.ReadAsync(3, cancellationToken), Is.EqualTo("AT\r"u8.ToArray()));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_path_that_another_port_serves_is_refused_and_goes_on_working(CancellationToken cancellationToken)
    {
        await using var first = PtyPort.Create(_folder["tty"]);
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => PtyPort.Create(_folder["tty"]))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.Busy));
        Assert.That(error.Message, Does.Contain(_folder["tty"]).And.Contain("Another emulator"));

        await using ISerialLink host = await SerialLink.OpenAsync(_folder["tty"], cancellationToken: cancellationToken);
        await host.WriteAsync("AT\r"u8.ToArray(), cancellationToken);
        Assert.That(await first.ReadAsync(3, cancellationToken), Is.EqualTo("AT\r"u8.ToArray()));
    }

    [Test]
    public void A_file_a_folder_and_a_link_elsewhere_are_left_alone()
    {
        File.WriteAllText(_folder["file"], "precious");
        Directory.CreateDirectory(_folder["sub"]);
        File.CreateSymbolicLink(_folder["to-file"], _folder["file"]);
        File.CreateSymbolicLink(_folder["to-nothing"], _folder["nothing"]);
        File.CreateSymbolicLink(_folder["to-device"], "/dev/null");
        string[] before = Entries();

        foreach (string path in before)
        {
            SerialLinkException error = Assert.Throws<SerialLinkException>(() => PtyPort.Create(path), path)!;
            Assert.That(error.Error, Is.EqualTo(SerialLinkError.Busy), path);
            Assert.That(error.Message, Does.Contain(path).And.Contain("left alone"));
        }

        Assert.That(Entries(), Is.EqualTo(before));
        Assert.That(File.ReadAllText(_folder["file"]), Is.EqualTo("precious"));
        Assert.That(new FileInfo(_folder["to-nothing"]).LinkTarget, Is.EqualTo(_folder["nothing"]));
        Assert.That(new FileInfo(_folder["to-device"]).LinkTarget, Is.EqualTo("/dev/null"));
    }

    [Test]
    public async Task A_link_that_somebody_has_put_in_its_place_is_not_removed()
    {
        PtyPort port = PtyPort.Create(_folder["tty"]);
        File.Delete(_folder["tty"]);
        File.CreateSymbolicLink(_folder["tty"], "/dev/null");
        await port.CloseAsync();
        Assert.That(new FileInfo(_folder["tty"]).LinkTarget, Is.EqualTo("/dev/null"));
    }

    [Test]
    public async Task A_link_that_somebody_has_removed_does_not_hinder_the_end()
    {
        PtyPort port = PtyPort.Create(_folder["tty"]);
        File.Delete(_folder["tty"]);
        await port.CloseAsync();
        await using var next = PtyPort.Create(_folder["tty"]);
    }

    [Test]
    public async Task A_missing_folder_is_told_and_can_be_made_good()
    {
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => PtyPort.Create(_folder["sub/tty"]))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotFound));
        Assert.That(error.Message, Does.Contain(_folder["sub/tty"]).And.Contain("the folder does not exist").And.Contain("Choose another path"));

        Directory.CreateDirectory(_folder["sub"]);
        await using var port = PtyPort.Create(_folder["sub/tty"]);
    }

    [Test]
    public void A_folder_that_is_not_ours_is_told_as_such()
    {
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => PtyPort.Create("/sys/kernel/ttySIM7600"))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.NotPermitted));
        Assert.That(error.Message, Does.Contain("you may not write there"));
    }

    [Test]
    public void An_empty_path_is_a_bad_name()
    {
        SerialLinkException error = Assert.Throws<SerialLinkException>(() => PtyPort.Create(""))!;
        Assert.That(error.Error, Is.EqualTo(SerialLinkError.BadName));
    }

    private string[] Entries() => [.. Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal)];
}
