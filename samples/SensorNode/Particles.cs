namespace SensorNode;

/// <summary>Particles of up to 1, 2.5 and 10 µm, in µg/m³.</summary>
internal readonly record struct Particles(int Pm1, int Pm2_5, int Pm10);
