using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>What administrators decide about a service.</summary>
/// <param name="Description">Plain English, for patients.</param>
/// <param name="DurationMinutes">5 to 480: the length of the times that are published from then on.</param>
/// <param name="Channels">At least one; a group meets in one place or on one phone line, never by video, which is between one patient and the clinician.</param>
/// <param name="Questions">In the order in which they are asked, at most <see cref="ServiceAdministration.MostQuestions"/>.</param>
public sealed record ServiceDetails(string Name, string Description, int DurationMinutes, IReadOnlyList<DeliveryChannel> Channels, ServiceRules Rules, IReadOnlyList<QuestionDetails> Questions);

/// <param name="Id">Null for a new question.</param>
public sealed record QuestionDetails(ServiceQuestionId? Id, string Text, bool IsRequired);

/// <param name="Coming">Appointments still to be held.</param>
public sealed record ServiceListing(HealthcareServiceId Id, ServiceDetails Details, bool IsActive, int Coming);

public abstract record SaveServiceOutcome
{
    public sealed record Saved(HealthcareServiceId Service) : SaveServiceOutcome;

    /// <summary>Another service of the practice has this name.</summary>
    public sealed record NameTaken : SaveServiceOutcome;

    /// <summary>Something is missing, too long, or out of its bounds.</summary>
    public sealed record Incomplete : SaveServiceOutcome;

    public sealed record NotFound : SaveServiceOutcome;
}

/// <summary>The services of a practice: what can be booked. For its administrators.</summary>
public sealed class ServiceAdministration(ClinicalDbContext db, TimeProvider clock)
{
    public const int ShortestMinutes = 5;
    public const int LongestMinutes = 480;
    public const int MostQuestions = 10;

    /// <summary>By name, also those that cannot be booked.</summary>
    public async Task<IReadOnlyList<ServiceListing>> ListAsync(Actor administrator, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        db.ActFor(administrator);
        var now = clock.GetUtcNow();
        var rows = await db.Services.AsNoTracking().OrderBy(row => row.Name)
            .Select(row => new
            {
                row,
                Coming = db.Appointments.Count(appointment => appointment.ServiceId == row.Id && appointment.Start >= now && (appointment.Status == AppointmentStatus.Booked || appointment.Status == AppointmentStatus.Arrived)),
            }).ToListAsync(cancellationToken);
        var questions = (await db.ServiceQuestions.AsNoTracking().OrderBy(row => row.Position).ToListAsync(cancellationToken)).ToLookup(row => row.ServiceId, row => new QuestionDetails(row.Id, row.Text, row.IsRequired));
        return rows.ConvertAll(found => new ServiceListing(
            found.row.Id, new ServiceDetails(found.row.Name, found.row.Description, found.row.DurationMinutes, found.row.Channels, found.row.Rules, [.. questions[found.row.Id]]), found.row.IsActive, found.Coming));
    }

    /// <param name="id">Null for a new service.</param>
    public async Task<SaveServiceOutcome> SaveAsync(Actor administrator, HealthcareServiceId? id, ServiceDetails details, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        var (name, description, channels) = (details.Name.Trim(), details.Description.Trim(), details.Channels.Distinct().ToArray());
        if (name.Length is 0 or > HealthcareService.NameLength || description.Length is 0 or > HealthcareService.DescriptionLength
            || details.DurationMinutes is < ShortestMinutes or > LongestMinutes || channels.Length == 0 || !channels.All(channel => Enum.IsDefined(channel))
            || !details.Rules.IsWithinBounds || details.Rules.GroupSize > 1 && channels.Contains(DeliveryChannel.Video)
            || details.Questions.Count > MostQuestions || details.Questions.Any(question => question.Text.Trim().Length is 0 or > ServiceQuestion.TextLength))
            return new SaveServiceOutcome.Incomplete();
        try
        {
            return await db.WriteAsync<SaveServiceOutcome>(administrator, id is null ? "service.add" : "service.change", reason: null, async () =>
            {
                if (id is null)
                {
                    var added = new HealthcareService { Id = HealthcareServiceId.New(), PracticeId = administrator.Practice, Name = name, Description = description, DurationMinutes = details.DurationMinutes, Channels = channels };
                    added.BookBy(details.Rules);
                    db.Services.Add(added);
                    await AskAsync(added, details.Questions, cancellationToken);
                    return new SaveServiceOutcome.Saved(added.Id);
                }

                if (await db.Services.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } service)
                    return new SaveServiceOutcome.NotFound();
                service.Change(name, description, details.DurationMinutes, channels);
                service.BookBy(details.Rules);
                await AskAsync(service, details.Questions, cancellationToken);
                return new SaveServiceOutcome.Saved(service.Id);
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new SaveServiceOutcome.NameTaken();
        }
    }

    /// <summary>Whether new bookings are taken; appointments stand either way. False if there is no such service.</summary>
    public async Task<bool> OfferAsync(Actor administrator, HealthcareServiceId id, bool offered, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        return await db.WriteAsync(administrator, offered ? "service.offer" : "service.withdraw", reason: null, async () =>
        {
            if (await db.Services.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } service)
                return false;
            if (offered)
                service.Activate();
            else
                service.Deactivate();
            return true;
        }, cancellationToken);
    }

    /// <summary>These questions and no others are asked from now on. What was answered before keeps its question.</summary>
    private async Task AskAsync(HealthcareService service, IReadOnlyList<QuestionDetails> questions, CancellationToken cancellationToken)
    {
        var former = await db.ServiceQuestions.Where(row => row.ServiceId == service.Id).ToListAsync(cancellationToken);
        db.ServiceQuestions.RemoveRange(former.Where(row => !questions.Any(question => question.Id == row.Id)));
        foreach (var (position, question) in questions.Index())
        {
            var asked = former.Find(row => row.Id == question.Id);
            if (asked is null)
                db.ServiceQuestions.Add(asked = new ServiceQuestion { Id = ServiceQuestionId.New(), PracticeId = service.PracticeId, ServiceId = service.Id });
            asked.Ask(position, question.Text.Trim(), question.IsRequired);
        }
    }

    private static void RequireAdministrator(Actor actor)
    {
        if (actor.Role != ActorRole.Administrator)
            throw new NotAllowedException("Only administrators decide what can be booked.");
    }
}
