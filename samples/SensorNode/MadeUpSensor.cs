namespace SensorNode;

/// <summary>A sensor for trying things out: a walk that begins the same each time.</summary>
internal sealed class MadeUpSensor : IParticleSensor
{
    private readonly Random _random = new(1);
    private int _level = 12;

    public long Garbled => 0;

    public Particles? Take()
    {
        _level = Math.Clamp(_level + _random.Next(-3, 4), 1, 200);
        return new Particles(_level * 2 / 3, _level, _level + _random.Next(10));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
