// A sensor node in C#: the same topics as samples/Stm32SensorNode, over a modem that is kept online by ManagedMqttClient.
using System.CommandLine;
using SensorNode;
using Sim7600.Mqtt;

var modem = new Option<string>("--modem") { Description = "the modem's port", DefaultValueFactory = _ => "/tmp/ttySIM7600" };
var broker = new Option<Uri>("--broker")
{
    Description = "the broker, mqtt://host[:port]",
    DefaultValueFactory = _ => new Uri("mqtt://127.0.0.1:1883"),
    CustomParser = result =>
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme == "mqtt" && address.Host.Length > 0)
        {
            return address;
        }

        result.AddError($"--broker is mqtt://host[:port]; '{result.Tokens[0].Value}' is not.");
        return null;
    },
};
var name = new Option<string>("--node") { Description = "the node's name, which its topics begin with", DefaultValueFactory = _ => "node-2" };
var sensor = new Option<string?>("--sensor") { Description = "the port of a PMS5003 particle sensor, or unix:///path of samples/Stm32SensorNode/sensor.py; without it the values are made up" };
var outbox = new Option<string?>("--outbox") { Description = "a file for readings that are not delivered yet, so that they outlive this program" };
var root = new RootCommand("Publishes the readings of a particle sensor over a SIM7600.") { modem, broker, name, sensor, outbox };
root.SetAction(async (parsed, ct) =>
{
    string node = parsed.GetValue(name)!;
    await using IParticleSensor source = parsed.GetValue(sensor) is { } port ? new Pms5003(port) : new MadeUpSensor();
    await using ManagedMqttClient client = await ManagedMqttClient.StartAsync(new()
    {
        Modem = new() { PortName = parsed.GetValue(modem)! },
        Connection = new() { Broker = parsed.GetValue(broker)!, ClientId = node, Will = new($"{node}/status", "offline"u8.ToArray()) },
        OutboxPath = parsed.GetValue(outbox),
    }, ct);
    using var program = new Node(node, client, source);
    await program.RunAsync(ct);
    return 0;
});
return await root.Parse(args).InvokeAsync();
