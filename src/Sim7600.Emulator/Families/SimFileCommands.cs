using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;
using static Sim7600.Emulator.Families.GeneralCommands;

namespace Sim7600.Emulator.Families;

/// <summary>What the card has in its files, by name and by card command (AT command manual V3.00, chapter 6; 3GPP TS 27.007, 8.17 and 8.18).</summary>
internal sealed class SimFileCommands
{
    private const string Family = "Sim";
    private const string Manual = "AT command manual V3.00, chapter 6; 3GPP TS 27.007, 8.17 and 8.18";
    private const int ReadBinary = 176, ReadRecord = 178, GetResponse = 192, UpdateBinary = 214, UpdateRecord = 220, Status = 242;

    private readonly VirtualModem _modem;
    private readonly SimFiles _files;
    private int _selected = 0x3F00;
    private byte[] _response = [];

    private SimFileCommands(VirtualModem modem)
    {
        _modem = modem;
        _files = new SimFiles(modem.Identity, modem.Sim);
    }

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        var commands = new SimFileCommands(modem);
        table.Add(Family, "+CSPN")
            .Read(run => Show(run, $"+CSPN: \"{Encode(modem, modem.Sim.ServiceProvider)}\",{(modem.Sim.ServiceProvider.Length > 0 ? 1 : 0)}"))
            .RequiresSim()
            .From(Manual, Evidence.Documented);
        table.Add(Family, "+CRSM")
            .Write(
                commands.Restricted,
                Choice("command", ReadBinary, ReadRecord, GetResponse, 203, UpdateBinary, 219, UpdateRecord, Status),
                Number("fileID", 0, 65535).Optional,
                Number("p1", 0, 255).Optional,
                Number("p2", 0, 255).Optional,
                Number("p3", 0, 255).Optional,
                Text("data", 0, 512).Optional,
                Text("pathid", 0, 32).Optional)
            .Test()
            .RequiresSim()
            .From($"{Manual}; what ModemManager and oFono read", Evidence.Documented);
        table.Add(Family, "+CSIM")
            .Write(commands.Generic, Number("length", 8, 522), Text("command", 8, 522))
            .Hides(1) // VERIFY holds the PIN
            .Test()
            .From(Manual, Evidence.Documented);
    }

    private void Restricted(CommandRun run)
    {
        int file = run.Number(1);
        (int sw, byte[] data) = run.Number(0) switch
        {
            Status => (0x9000, []),
            _ when _files.Read(file) is null => (0x6A82, []),
            ReadBinary => Slice(_files.Read(file)!, (run.Number(2) << 8) | run.Number(3), run.Number(4)),
            GetResponse => (0x9000, _files.Describe(file)!),
            UpdateBinary => (0x6982, []),
            _ => (0x6981, (byte[])[]),
        };
        string status = string.Create(CultureInfo.InvariantCulture, $"+CRSM: {sw >> 8},{sw & 0xFF}");
        Show(run, data.Length > 0 ? $"{status},\"{Convert.ToHexString(data)}\"" : status);
    }

    private void Generic(CommandRun run)
    {
        // The card itself answers while it waits for a code: clients count its tries so.
        if (SimCommands.Obstacle(_modem.Sim) is { } obstacle && obstacle is not (CmeError.SimPinRequired or CmeError.SimPukRequired))
        {
            run.CmeError(obstacle);
            return;
        }

        string hex = run.Text(1);
        if (hex.Length != run.Number(0) || hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit))
        {
            run.Error();
            return;
        }

        (int sw, byte[] data) = Answer(Convert.FromHexString(hex));
        string answer = Convert.ToHexString(data) + sw.ToString("X4", CultureInfo.InvariantCulture);
        Show(run, string.Create(CultureInfo.InvariantCulture, $"+CSIM: {answer.Length},\"{answer}\""));
    }

    /// <summary>One command of the card itself (ETSI TS 102 221): class, instruction, two parameters, length, data.</summary>
    private (int Sw, byte[] Data) Answer(byte[] command)
    {
        int length = command.Length > 4 ? command[4] : 0;
        int where = (command[2] << 8) | command[3];
        switch (command[1])
        {
            case 0xA4 when command.Length >= 7:
                return Select((command[^2] << 8) | command[^1], command[0] == 0xA0);
            case 0xB0 when _selected != SimFiles.Iccid && !_modem.Sim.IsUsable:
                return (0x6982, []);
            case 0xB0:
                return _files.Read(_selected) is { } content ? Slice(content, where, length) : (0x6986, []);
            case 0xC0:
                return Slice(_response, 0, length);
            case 0xF2:
                return (0x9000, []);
            case 0x20 when length == 0:
                // An empty VERIFY asks how many tries are left; ModemManager counts them so.
                return command[3] switch
                {
                    1 => (0x63C0 | _modem.Sim.PinTriesLeft, []),
                    0x81 => (0x63C0 | _modem.Sim.Pin2TriesLeft, []),
                    _ => (0x6A88, []),
                };
            case 0x2C when length == 0:
                return (0x63C0 | (command[3] == 0x81 ? _modem.Sim.Puk2TriesLeft : _modem.Sim.PukTriesLeft), []);
            case 0xD6:
                return (0x6982, []);
            default:
                return (0x6D00, []);
        }
    }

    private (int Sw, byte[] Data) Select(int file, bool secondGeneration)
    {
        if (!SimFiles.IsDirectory(file) && _files.Read(file) is null)
        {
            return (secondGeneration ? 0x9404 : 0x6A82, []);
        }

        _selected = file;
        int size = _files.Read(file)?.Length ?? 0;
        _response = !secondGeneration ? [0x62, 12, 0x82, 2, (byte)(size > 0 ? 0x41 : 0x78), 0x21, 0x83, 2, (byte)(file >> 8), (byte)file, 0x80, 2, 0, (byte)size]
            : _files.Describe(file) ?? [0, 0, 0, 0, (byte)(file >> 8), (byte)file, 1];
        return ((secondGeneration ? 0x9F00 : 0x6100) | _response.Length, []);
    }

    private static (int Sw, byte[] Data) Slice(byte[] content, int offset, int length)
    {
        int count = length == 0 ? Math.Max(content.Length - offset, 0) : length;
        return offset + count > content.Length ? (0x6B00, []) : (0x9000, content[offset..(offset + count)]);
    }
}
