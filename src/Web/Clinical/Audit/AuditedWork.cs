using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Audit;

/// <summary>What is being done, by whom and why: declared before a write, and put beside each change it makes.</summary>
internal sealed record AuditedWork(Actor Actor, string Action, string? Reason)
{
    /// <summary>One AuditEvent for each clinical fact that is about to be saved.</summary>
    public IReadOnlyList<AuditEvent> EventsFor(ChangeTracker changes, DateTimeOffset now) =>
        [.. changes.Entries<IAudited>()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .Select(entry => Event(
                entry.Metadata.ClrType.Name,
                entry.Entity.AuditId,
                now,
                entry.State == EntityState.Added ? null : Values(entry, property => property.OriginalValue),
                entry.State == EntityState.Deleted ? null : Values(entry, property => property.CurrentValue)))];

    public AuditEvent Event(string entity, Guid id, DateTimeOffset now, string? before, string? after) => new()
    {
        PracticeId = Actor.Practice,
        At = now,
        ActorRole = Actor.Role,
        ActorId = Actor.PersonId,
        OnBehalfOf = Actor.ActsFor,
        Action = Action,
        Entity = entity,
        EntityId = id,
        Reason = Reason,
        Before = before,
        After = after,
    };

    /// <summary>The appointment as it is from now on, for its history.</summary>
    public AppointmentChange ChangeOf(Appointment appointment, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        PracticeId = appointment.PracticeId,
        AppointmentId = appointment.Id,
        Version = appointment.Version,
        Status = appointment.Status,
        SlotId = appointment.SlotId,
        PractitionerId = appointment.PractitionerId,
        Start = appointment.Start,
        End = appointment.End,
        Channel = appointment.Channel,
        At = now,
        ActorRole = Actor.Role,
        Action = Action,
        Reason = Reason,
    };

    private static string Values(EntityEntry entry, Func<PropertyEntry, object?> value)
    {
        var values = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in entry.Properties)
        {
            if (property.Metadata.IsConcurrencyToken || property.Metadata.IsPrimaryKey())
                continue;
            if (entry.State == EntityState.Modified ? !property.IsModified : value(property) is null)
                continue;
            values[property.Metadata.Name] = property.Metadata.PropertyInfo?.IsDefined(typeof(AuditRedactedAttribute)) == true
                ? "(not kept here)"
                : Plain(value(property));
        }

        return JsonSerializer.Serialize(values);
    }

    private static object? Plain(object? value) => value switch
    {
        null or bool or int or string => value,
        DateTimeOffset instant => instant.UtcDateTime,
        DeliveryChannel[] channels => string.Join(',', channels),
        DayOfWeek[] days => string.Join(',', days),
        _ => value.ToString(),
    };
}
