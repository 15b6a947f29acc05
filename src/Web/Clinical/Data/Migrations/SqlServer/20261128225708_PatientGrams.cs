using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class PatientGrams : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "PatientGrams",
                columns: table => new
                {
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PatientId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Gram = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PatientGrams", x => new { x.PracticeId, x.Gram, x.PatientId });
                    table.ForeignKey(
                        name: "FK_PatientGrams_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_PatientGrams_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_PatientGrams_PatientId",
                table: "PatientGrams",
                column: "PatientId");

            // Patients who are there already, in SQL: SearchKey has words parted by spaces, and no piece has a space in its middle.
            migrationBuilder.Sql("""
                ;WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 302)
                INSERT INTO [PatientGrams] ([PracticeId], [Gram], [PatientId])
                SELECT DISTINCT p.[PracticeId],
                    CAST(UNICODE(SUBSTRING(p.[Padded], n.i, 1)) AS bigint) * 4294967296 + CAST(UNICODE(SUBSTRING(p.[Padded], n.i + 1, 1)) AS bigint) * 65536 + UNICODE(SUBSTRING(p.[Padded], n.i + 2, 1)),
                    p.[Id]
                FROM (SELECT [Id], [PracticeId], N' ' + [SearchKey] + N' ' AS [Padded] FROM [Patients]) AS p CROSS JOIN n
                WHERE n.i <= LEN(p.[Padded] + N'x') - 3 AND SUBSTRING(p.[Padded], n.i + 1, 1) <> N' '
                OPTION (MAXRECURSION 302);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PatientGrams");
        }
    }
}
