using System.Reflection;

namespace Sim7600.Cli.Tests;

/// <summary>Who may know whom. Emulator and Driver know nothing of each other, so that a mistake in one cannot hide in the other.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sim7600.Protocol"] = [],
        ["Sim7600.Links"] = [],
        ["Sim7600.Driver"] = ["Sim7600.Protocol", "Sim7600.Links"],
        ["Sim7600.Mqtt"] = ["Sim7600.Protocol", "Sim7600.Links", "Sim7600.Driver"],
        ["Sim7600.Emulator"] = ["Sim7600.Protocol", "Sim7600.Links"],
        ["Sim7600.Cli"] = ["Sim7600.Protocol", "Sim7600.Links", "Sim7600.Driver", "Sim7600.Mqtt", "Sim7600.Emulator"],
    };

    [Test]
    public void Every_project_of_the_tool_has_its_rule() =>
        Assert.That(WithWhatItReaches(Assembly.Load("Sim7600.Cli")), Is.EquivalentTo(Allowed.Keys));

    [TestCaseSource(nameof(Projects))]
    public void A_project_knows_only_whom_it_may(string project)
    {
        IEnumerable<string> known = References(Assembly.Load(project));

        Assert.That(known, Is.SubsetOf(Allowed[project]));
    }

    [Test]
    public void Protocol_needs_no_packages() =>
        Assert.That(
            Assembly.Load("Sim7600.Protocol").GetReferencedAssemblies().Select(name => name.Name),
            Has.All.StartsWith("System."));

    [Test]
    public void Links_Protocol_Driver_Mqtt_and_Emulator_need_no_web_server()
    {
        IEnumerable<string?> all = Allowed.Keys.Where(project => project != "Sim7600.Cli")
            .SelectMany(project => Assembly.Load(project).GetReferencedAssemblies())
            .Select(name => name.Name);

        Assert.That(all, Has.None.StartsWith("Microsoft.AspNetCore"));
    }

    private static IEnumerable<string> Projects() => Allowed.Keys;

    private static IEnumerable<string> References(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("Sim7600.", StringComparison.Ordinal));

    private static HashSet<string> WithWhatItReaches(Assembly start)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([start.GetName().Name!]);
        while (open.TryPop(out string? next))
        {
            if (seen.Add(next))
            {
                foreach (string reference in References(Assembly.Load(next)))
                {
                    open.Push(reference);
                }
            }
        }

        return seen;
    }
}
