using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Demonstration;

/// <summary>Fills the database with the demonstration practice. A later start keeps everything and adds what the coming four weeks lack.</summary>
public sealed class DemonstrationSeeder(ClinicalDbContext db, TimeProvider clock)
{
    public Task SeedAsync(string peopleFile, CancellationToken cancellationToken) => throw new NotImplementedException($"{db} {clock} {peopleFile} {cancellationToken}");
}
