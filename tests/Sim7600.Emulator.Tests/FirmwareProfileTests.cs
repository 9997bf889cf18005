using System.Reflection;

namespace Sim7600.Emulator.Tests;

/// <summary>Profiles are data with evidence: no knob without it, and none that is not listed.</summary>
[Parallelizable(ParallelScope.All)]
public class FirmwareProfileTests
{
    private static readonly string[] NoKnobs =
        [nameof(FirmwareProfile.Name), nameof(FirmwareProfile.Description), nameof(FirmwareProfile.Identity), nameof(FirmwareProfile.Evidence), nameof(FirmwareProfile.Knobs)];

    [Test]
    public void Every_property_that_devices_differ_in_is_a_knob()
    {
        IEnumerable<string> properties = typeof(FirmwareProfile).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name);
        Assert.That(FirmwareProfiles.Sim7600.Knobs.Select(knob => knob.Name), Is.EquivalentTo(properties.Except(NoKnobs)));
    }

    [Test]
    public void Every_knob_names_its_evidence([ValueSource(typeof(FirmwareProfiles), nameof(FirmwareProfiles.All))] FirmwareProfile profile)
    {
        foreach (ProfileKnob knob in profile.Knobs)
        {
            Assert.That(knob.Evidence, Is.Not.Empty, knob.Name);
            ProfileKnob usual = FirmwareProfiles.Sim7600.Knobs.Single(each => each.Name == knob.Name);
            Assert.That(knob.Value == usual.Value || profile.Evidence.ContainsKey(knob.Name), $"{profile.Name} sets {knob.Name} otherwise than the default and does not say what shows it");
        }
    }

    [Test]
    public void All_seven_are_found_by_name() => Assert.That(
        FirmwareProfiles.All.Select(profile => FirmwareProfiles.Find(profile.Name.ToUpperInvariant())!.Name),
        Is.EqualTo(new[] { "sim7600", "sim7600ei", "sim7600g-h-le20b04", "sim7600ce", "manual-v3", "a7670", "sim7670" }));
}
